"""Telling other systems what happened, as Standard Webhooks (standardwebhooks.com, specification 1.0.0)."""
