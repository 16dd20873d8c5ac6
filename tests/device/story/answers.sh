# Checks that the integer kernels of ARM64 give the same labels as those of x64.

tell "A hundred pictures, here and on the board"
dataset=${EDGESHELF_DATASET:-$project/../shared/datasets/grocery-store}
if [ ! -d "$dataset" ]; then
  skip "the grocery pictures are not here; EDGESHELF_DATASET names their folder"
else
  on 'systemctl stop edgeshelf'
  mkdir -p "$run/pictures"
  number=0
  while read -r picture; do
    cp "$picture" "$run/pictures/$(printf %03d "$number").jpg"
    number=$((number + 1))
  done < <(find "$dataset" -path '*test*' -name '*.jpg' | sort | awk 'NR % 8 == 1' | head -100)
  put "$run"/pictures/*.jpg /srv/pictures
  top='.file |= (split("/") | last) | [.file, .top[0].label] | @tsv'
  # Name the model folder, because an EdgeShelf that is installed on this host may use another model.
  (cd "$run/pictures" && here_edgeshelf classify --model "$project/models/grocery-81" --json ./*.jpg) | jq -r "$top" | sort >"$run/x64.tsv"
  device_limit=900 on 'chmod -R a+rX /srv/pictures && cd /srv/pictures && edgeshelf classify --json *.jpg' | jq -r "$top" | sort >"$run/arm64.tsv"
  same=$(comm -12 "$run/x64.tsv" "$run/arm64.tsv" | wc -l)
  check "$same of $number have the same first label; 99 % are needed" test $((same * 100)) -ge $((number * 99)) -a "$number" = 100
  on 'rm -r /srv/pictures; systemctl start edgeshelf'
fi
