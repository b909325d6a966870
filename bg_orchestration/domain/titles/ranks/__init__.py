"""The words of rank, one file for each language, and the look-alikes that state none.

A longer phrase hides the words in it, so `vice president` is no president and `product owner` no
owner: look-alikes stand under `individual`. The order of ranks and the rules are those of the
labelled titles that the tests ship. `COUNTS` lists phrases whose bearer counts as a higher rank in
a purchase than the label says: a Brazilian coordenador leads, a jefe de servicio heads a service.
"""
