#!/bin/bash
# What is installed. The API asks for the fields below when a Linode is made from this StackScript.
# <UDF name="server_name" label="The name of the server" example="hello-1">
set -euo pipefail
hostnamectl set-hostname "$SERVER_NAME"
export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes nginx
printf '<!doctype html><title>%s</title><h1>Hello from %s</h1>\n' "$SERVER_NAME" "$SERVER_NAME" >/var/www/html/index.html
