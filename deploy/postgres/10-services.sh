#!/bin/bash
# One database and one role per service; a role owns its database and cannot connect to another (law 1).
# Run once by the image when the data directory is made; passwords come from .secrets/postgres.env.
set -euo pipefail
for service in identity journal delegation notifications support; do
  variable="PASSWORD_${service^^}"
  psql --set=ON_ERROR_STOP=1 --set=name="$service" --set=password="${!variable}" --username postgres << 'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name" TEMPLATE template0 ENCODING 'UTF8';
REVOKE CONNECT, TEMPORARY ON DATABASE :"name" FROM PUBLIC;
SQL
done
