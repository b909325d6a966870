"""The words of traits, one file for each language.

`TRAITS` lists what `title_traits` describes. `SERVICE` lists words around a rank that is not the
person's own: people who serve somebody (`assistant`, `servant`; with a word `towards`, what follows
is the other one's rank), titles that serve a person by their very name (`personal`), a rank that
the person only wishes for or works with (`wish`), and what tells of an earlier job: `past` before
it, `retired` and `until` behind it, `present` before what the person does today.
"""
