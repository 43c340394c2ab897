"""A driver for Python: runs the scenarios of the conformance suite and writes down what happens.

Where to begin reading: service (messages), interpreter (the calls of one worker), operations and
pool_operations (how each call looks in Python), lane (the log).
"""
