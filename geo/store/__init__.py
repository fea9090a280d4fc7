"""The only room with SQL: engine, embedded server, tables, one file of queries per entity."""
