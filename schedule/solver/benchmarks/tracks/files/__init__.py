"""The CoSPLib workbooks."""
