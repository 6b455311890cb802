"""Import: reports as companies export them become deals and payments, checked as a whole before any is
sent.
"""
