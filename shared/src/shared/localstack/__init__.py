"""PostgreSQL, RabbitMQ and sinks for mail and SMS for one machine, and the runner of processes behind `make up`.

Where the two servers come from, in this order: addresses given in the environment, a Docker engine that answers,
private embedded instances with data under `.local/`. Nothing here knows a service of the town by name.
"""
