"""What holds for every request, whatever it asks for: methods, other origins, compression, bodies, floods."""
