# Tests jumps of the clock, which occur on a board without a battery or with a wrong time server.

tell "The clock jumps"
for jump in '1 hour ago' '10 years' 'now'; do
  if [ "$jump" = now ]; then time=$(date -u '+%Y-%m-%d %H:%M:%S'); else time=$(on "date -u -d '$jump' '+%Y-%m-%d %H:%M:%S'"); fi
  count=$(results)
  on "date -u -s '$time' >/dev/null"
  check "set to $time, the timer goes on" within 40 more_results_than $((count + 1))
  count=$(results)
  sleep 12
  check "and does not catch up in a flood" test $(($(results) - count)) -le 5
done
