"""How long scores take, beside what others do with the same graph."""
