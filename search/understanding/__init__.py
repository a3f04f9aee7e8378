"""What a person means by what they typed: chips, words, other spellings, repairs; and the steps in which it is asked.

Pure: the curriculum is passed in as a value, nothing here knows an engine or a database.
"""
