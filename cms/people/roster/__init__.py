"""A roster: many people of an organisation in one Excel or CSV file.

`reading` turns the bytes into rows and knows no database; `directory` fetches what the rows mention in a fixed number
of queries; `checking` says by row and column what is wrong and what would change; `applying` writes it; `drafts` keeps
the rows between the dry run and the confirmation. Identity numbers leave `reading` only as keyed hashes (`identity`).
"""
