"""Spreadsheets: cells out of files of any program and encoding, and what their columns hold."""
