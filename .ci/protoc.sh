#!/bin/sh
# Generates a module's protobuf classes where Maven is offline, for its plugin skips itself there.
# Does nothing while no .proto is newer than what was generated last.
#
#   protoc.sh PROTOC MODULE
set -eu
protoc=$1
sources=$2/src/main/protobuf
generated=$2/target/generated-sources/protobuf
made=$2/target/generated-sources/protobuf.made

if [ -e "$made" ] && [ -z "$(find "$sources" -newer "$made" -print -quit)" ]; then
  exit 0
fi
mkdir -p "$generated"
find "$sources" -name '*.proto' -exec "$protoc" -I "$sources" --java_out="$generated" {} +
touch "$made"
