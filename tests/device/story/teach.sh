# Tests the training of two products on the device while the service runs.

tell "I teach it kiwis and tomatoes"
if ! /usr/bin/python3 -c 'import PIL' 2>/dev/null; then
  skip "python3-pil is not installed"
else
  for product in kiwi tomatoes; do
    /usr/bin/python3 "$here/stand-ins/product_pictures.py" "$project/src/EdgeShelf/Cli/DemoPictures/$product.jpg" "$run/products/$product"
    put "$run/products/$product"/*.jpg "/srv/products/$product"
  done
  before=$(main_pid)
  on 'chmod -R a+rX /srv/products'
  # Use a strict umask, as an installer's shell may have. The service's user must be able to read and to replace what root makes here.
  check "model train learns them from six pictures each" on 'umask 077; edgeshelf model train --data /srv/products --name my-shop'
  check "all that root's verb wrote belongs to the service's user" on '[ -z "$(find /var/lib/edgeshelf ! -user edgeshelf)" ]'
  check "model use puts them in use" on 'umask 077; edgeshelf model use my-shop-0001'
  mine='.model.name == "my-shop-0001" and .slots[0].top[0].label == "kiwi"'
  check "the next pictures are kiwis to the new model" within 60 more_results_than 0 "$mine"
  check "an event says that the model changed" told '.type == "model-changed" and .data.to.name == "my-shop-0001"'
  check "the service went on meanwhile" test "$(main_pid)" = "$before"
  # Ignore results from before the restart that arrive late.
  stopped=$(on 'systemctl stop edgeshelf; date -u +%FT%TZ; systemctl start edgeshelf')
  check "after a restart they are still in use" within 60 more_results_than 0 "$mine and .captured_at > \"$stopped\""
  on 'echo rubbish >>/var/lib/edgeshelf/models/my-shop-0001/labels.csv; systemctl restart edgeshelf'
  check "damaged, it is refused with an event" within 60 told '.type == "model-refused" and .data.in_use.name == "grocery-81"'
  shipped=$(results '.model.name == "grocery-81"')
  check "and the shipped model answers in its place" within 60 more_results_than "$shipped" '.model.name == "grocery-81"'
  check "model rollback brings the shipped model back" on 'umask 077; edgeshelf model rollback'
  shipped=$(results '.model.name == "grocery-81"')
  check "and it answers" within 60 more_results_than "$shipped" '.model.name == "grocery-81"'
fi
