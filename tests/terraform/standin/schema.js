// Makes the schema of the AWS provider's resources and data sources that a module uses, from the classes generated for CDK for
// Terraform (npm package @cdktf/provider-aws). Each class is run against a stand-in of the package cdktf whose mappers answer
// with types instead of values; which arguments are required stands in the class's declarations alone.
//
//   node schema.js <package folder> <out.json> <file.tf>...
//
// Prints how many there are; exits with 1 and their names when the package lacks some.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const ANY = 'dynamic';

// What a mapper answers: an attribute's type in Terraform's JSON notation, or (see markBlocks) the entries of a block.
const attribute = type => ({ attribute: type });
const simple = type => () => attribute(type);

function collection(kind) {
  return element => () => {
    const inner = element(everything());
    return inner.block ? { ...inner, isMany: true } : attribute(inner.attribute === ANY ? ANY : [kind, inner.attribute]);
  };
}

// A value of which every property is there.
function everything() {
  return new Proxy({}, { get: () => everything() });
}

class Element {}

const cdktf = new Proxy(
  {
    stringToHclTerraform: simple('string'),
    numberToHclTerraform: simple('number'),
    booleanToHclTerraform: simple('bool'),
    anyToHclTerraform: simple(ANY),
    listMapperHcl: collection('list'),
    hashMapperHcl: collection('map'),
    canInspect: () => true,
    isComplexElement: () => false,
    Tokenization: { isResolvable: () => false },
    Fn: { tolist: list => list, toset: set => set },
    TerraformResource: Element,
    TerraformDataSource: Element,
    TerraformProvider: Element,
    ComplexObject: Element,
    ComplexList: Element,
    ComplexMap: Element,
  },
  { get: (known, name) => known[name] ?? Element },
);

const load = Module._load;
Module._load = (request, ...rest) => (request === 'cdktf' ? cdktf : load(request, ...rest));

// interface name -> argument in Terraform's spelling -> whether it is required
function requirements(declarations) {
  const interfaces = new Map();
  for (const [, name, body] of declarations.matchAll(/^export interface (\w+)[^{]*\{([\s\S]*?)^\}/gm)) {
    const required = new Map();
    for (const [, argument, mark] of body.matchAll(/#(\w+)\}[^;]*?readonly \w+(\??):/g)) {
      required.set(argument, mark === '');
    }
    interfaces.set(name, required);
  }
  return interfaces;
}

const NESTING = { struct: 'SINGLE', list: 'LIST', set: 'SET', map: 'MAP' };

class Reader {
  constructor(exported, declarations) {
    this.interfaces = requirements(declarations);
    this.structs = new Map();
    for (const [name, value] of Object.entries(exported)) {
      const struct = name.match(/^(\w+)ToHclTerraform$/);
      if (struct) {
        this.structs.set(value, struct[1]);
      }
    }
  }

  block(entries, interfaceName) {
    const required = this.interfaces.get(interfaceName) ?? new Map();
    const block = { attributes: {}, blocks: {} };
    for (const [name, entry] of Object.entries(entries)) {
      const isRequired = required.get(name) === true;
      if (entry.isBlock) {
        block.blocks[name] = this.nested(entry, isRequired);
      } else {
        block.attributes[name] = { type: this.typeOf(entry), required: isRequired, optional: !isRequired, computed: !isRequired };
      }
    }
    return block;
  }

  typeOf(entry) {
    const type = entry.value.attribute ?? ANY;
    return entry.type === 'set' && Array.isArray(type) ? ['set', type[1]] : type;
  }

  nested(entry, isRequired) {
    const interfaceName = entry.storageClassType.replace(/List$|Map$/, '');
    // A list of which there is one block at most is not mapped over.
    const isOne = entry.type !== 'struct' && !entry.value.isMany;
    return {
      nesting: NESTING[entry.type] ?? 'LIST',
      min: isRequired ? 1 : 0,
      max: isOne ? 1 : 0,
      block: this.block(entry.value.block ?? {}, interfaceName),
    };
  }
}

// Struct functions answer their entries, which makes them blocks.
function markBlocks(source) {
  return source.replaceAll(
    /return Object\.fromEntries\(Object\.entries\(attrs\)\.filter\([^\n]*\n/g,
    'return { block: attrs, attribute: "dynamic" };\n',
  );
}

const GETTERS = {
  getStringAttribute: 'string',
  getNumberAttribute: 'number',
  getBooleanAttribute: 'bool',
  getListAttribute: ['list', 'string'],
  getNumberListAttribute: ['list', 'number'],
  getStringMapAttribute: ['map', 'string'],
  getNumberMapAttribute: ['map', 'number'],
  getBooleanMapAttribute: ['map', 'bool'],
  getAnyMapAttribute: ['map', ANY],
};

// Attributes that can only be read have a getter and no argument.
function addComputed(type, block) {
  const asked = new Map();
  const self = new Proxy(
    {},
    {
      get: (_, name) =>
        name in GETTERS ? attributeName => asked.set(attributeName, GETTERS[name]) : name === 'interpolationForAttribute' ? attributeName => asked.set(attributeName, ANY) : everything(),
    },
  );
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(type.prototype))) {
    if (property.get && !name.endsWith('Input')) {
      property.get.call(self);
    }
  }
  for (const [name, attributeType] of asked) {
    if (!block.attributes[name] && !block.blocks[name]) {
      block.attributes[name] = { type: attributeType, computed: true };
    }
  }
}

function read(folder) {
  const file = path.join(folder, 'index.js');
  const declarations = fs.readFileSync(path.join(folder, 'index.d.ts'), 'utf8');
  const module = new Module(file);
  module.paths = [];
  module._compile(markBlocks(fs.readFileSync(file, 'utf8')), file);
  const type = Object.values(module.exports).find(value => value?.prototype?.synthesizeHclAttributes);
  const entries = type.prototype.synthesizeHclAttributes.call(everything());
  const block = new Reader(module.exports, declarations).block(entries.block ?? entries, `${type.name}Config`);
  addComputed(type, block);
  for (const [, name] of module.exports[type.name].toString().matchAll(/this\._\w+ = new \w+\(this, "(\w+)"/g)) {
    if (!block.attributes[name] && !block.blocks[name]) {
      block.attributes[name] = { type: ANY, computed: true };
    }
  }
  return block;
}

function used(files, kind) {
  const names = new Set();
  for (const file of files) {
    for (const [, name] of fs.readFileSync(file, 'utf8').matchAll(new RegExp(`^${kind} "(aws_\\w+)"`, 'gm'))) {
      names.add(name);
    }
  }
  return [...names].sort();
}

function readAll(library, names, folderOf, missing) {
  const blocks = {};
  for (const name of names) {
    const folder = path.join(library, folderOf(name.replaceAll('_', '-')));
    if (fs.existsSync(folder)) {
      blocks[name] = read(folder);
    } else {
      missing.push(name);
    }
  }
  return blocks;
}

const [packageFolder, out, ...files] = process.argv.slice(2);
const library = path.resolve(packageFolder, 'lib');
const missing = [];
const schema = {
  provider: read(path.join(library, 'provider')),
  resources: readAll(library, used(files, 'resource'), name => name.replace(/^aws-/, ''), missing),
  data: readAll(library, used(files, 'data'), name => `data-${name}`, missing),
};
if (missing.length > 0) {
  console.error(`the package has no ${missing.join(', ')}`);
  process.exit(1);
}
fs.writeFileSync(out, JSON.stringify(schema));
console.log(`${Object.keys(schema.resources).length} resources, ${Object.keys(schema.data).length} data sources`);
