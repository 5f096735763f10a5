#!/bin/bash
# What a customer gets: a page that says whose server it is. Put your own software in its place.
# <UDF name="server_name" label="The name of the server">
# <UDF name="customer_number" label="The number of the customer">
# <UDF name="shop" label="The name of the shop" default="reseller">
set -euo pipefail

hostnamectl set-hostname "$SERVER_NAME"
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes nginx
cat >/var/www/html/index.html <<PAGE
<!doctype html>
<title>$SERVER_NAME</title>
<h1>$SERVER_NAME</h1>
<p>Customer $CUSTOMER_NUMBER of $SHOP.</p>
PAGE
