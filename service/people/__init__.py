"""The people who use Suluh: what each role may do, passwords, log-in, sessions and tokens. No Flask here."""
