# Only the provider: the state says what exists.
