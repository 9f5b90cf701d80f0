"""The own data («Личные данные»): seeing, changing, proving contacts, the password, closing the account (I-5)."""
