"""One module per kind of wearable, each with a `devices.driver.Kind` named ``KIND``."""
