"""The store: the only importer of peewee. Rows in, records out; no rules."""
