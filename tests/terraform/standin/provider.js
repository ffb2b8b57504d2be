// A provider that knows what resources look like (STANDIN_SCHEMA, made by schema.js) and can do nothing with them: enough for
// `terraform validate` and for `terraform test` with mock providers. Terraform starts it as a plugin; see its protocol,
// version 6, and the handshake of go-plugin: one line on standard output.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const SERVING = 1;

const services = name => grpc.loadPackageDefinition(loader.loadSync(path.join(__dirname, name), { keepCase: true }));

const block = described => ({
  attributes: Object.entries(described.attributes).map(([name, attribute]) => ({ name, ...attribute, type: Buffer.from(JSON.stringify(attribute.type)) })),
  block_types: Object.entries(described.blocks).map(([type_name, nested]) => ({
    type_name,
    block: block(nested.block),
    nesting: nested.nesting,
    min_items: nested.min,
    max_items: nested.max,
  })),
});

const schemas = described => Object.fromEntries(Object.entries(described).map(([name, each]) => [name, { block: block(each) }]));

const known = JSON.parse(fs.readFileSync(process.env.STANDIN_SCHEMA, 'utf8'));
const answer = {
  provider: { block: block(known.provider) },
  resource_schemas: schemas(known.resources),
  data_source_schemas: schemas(known.data),
};

const nothing = (call, callback) => callback(null, {});
const provider = services('tfplugin6.proto').tfplugin6.Provider.service;
const handlers = Object.fromEntries(Object.keys(provider).map(name => [name, nothing]));

const server = new grpc.Server({ 'grpc.max_send_message_length': -1 });
server.addService(provider, { ...handlers, GetProviderSchema: (call, callback) => callback(null, answer) });
server.addService(services('health.proto').grpc.health.v1.Health.service, { Check: (call, callback) => callback(null, { status: SERVING }) });
server.addService(services('plugin.proto').plugin.GRPCController.service, {
  Shutdown: (call, callback) => {
    callback(null, {});
    server.tryShutdown(() => process.exit(0));
  },
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`1|6|tcp|127.0.0.1:${port}|grpc\n`);
});
