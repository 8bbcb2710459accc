"""Tests that read files only; they need no Odoo."""
