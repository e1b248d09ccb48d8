"""Reads a fund notice: one path from any file to lines and tables to a FundNotice."""
