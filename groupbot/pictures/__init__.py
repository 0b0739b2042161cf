"""Pictures of figures: laid out once, on a sheet, and written as SVG by ourselves or as PNG by a library.

The library is the extra `reports`. Where it is not installed there is no PNG, and what is said goes out in words alone.
"""
