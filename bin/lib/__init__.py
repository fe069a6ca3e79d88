"""The project's own runtime: what `bin/*` share. Python's standard library only,
for it must run on a machine that has nothing else yet."""
