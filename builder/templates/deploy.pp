# Applied on the nodes of the plugin's role.
notice('MODULAR: {{name}}/deploy.pp')
