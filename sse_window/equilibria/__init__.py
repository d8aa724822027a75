"""Phase equilibria of compositions and mixtures, open or closed, and how sure they are."""
