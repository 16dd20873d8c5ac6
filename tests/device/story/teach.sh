# Somebody teaches the device two products of the shop, while the service runs.

tell "I teach it kiwis and tomatoes"
if ! /usr/bin/python3 -c 'import PIL' 2>/dev/null; then
  skip "python3-pil is not installed"
else
  for product in kiwi tomatoes; do
    /usr/bin/python3 "$here/stand-ins/product_pictures.py" "$project/src/EdgeShelf/Cli/DemoPictures/$product.jpg" "$run/products/$product"
    put "$run/products/$product"/*.jpg "/root/products/$product"
  done
  before=$(main_pid)
  # As an installer's shell may be set up: what root makes here, the service's own user must be able to read.
  check "model train learns them from six pictures each" on 'umask 077; edgeshelf model train --data /root/products --name my-shop'
  check "model use puts them in use" on 'umask 077; edgeshelf model use my-shop'
  mine='.model.name == "my-shop" and .slots[0].top[0].label == "kiwi"'
  check "the next pictures are kiwis to the new model" within 60 more_results_than 0 "$mine"
  model_changed() { received | sed -n 's|^edgeshelf/[^/]*/event ||p' | jq -c 'select(.type == "model-changed" and .data.to.name == "my-shop")' | grep -q .; }
  check "an event says that the model changed" model_changed
  check "the service went on meanwhile" test "$(main_pid)" = "$before"
  on 'systemctl restart edgeshelf'
  taught=$(results "$mine")
  check "after a restart they are still in use" within 60 more_results_than "$taught" "$mine"
  check "model rollback brings the shipped model back" on 'umask 077; edgeshelf model rollback'
  shipped=$(results '.model.name == "grocery-81"')
  check "and it answers" within 60 more_results_than "$shipped" '.model.name == "grocery-81"'
fi
