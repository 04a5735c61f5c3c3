"""The licensing rules: pure, without time, network, storage or chance."""
