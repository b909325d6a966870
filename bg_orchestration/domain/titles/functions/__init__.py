"""The words of function, one file for each language.

Tiers say which of several phrases names the function (see `title_reader`): 5 and 4 are occupations
that decide alone (a recruiter of engineers is `hr`), 3 the functions of a business, 2 fields of
work that also qualify another function (medical sales are `sales`), 1 general words, 0 an assistant
or clerk, who works for any function that is named.
"""
