# Someone presses the button: the monitor's power button is a real line of a real GPIO chip here.

tell "I press the button"
pressed=$(results '.trigger == "button"')
press_button
check "one result with trigger button arrives" within 40 more_results_than "$pressed" '.trigger == "button"'
sleep 5
check "and only one" test "$(results '.trigger == "button"')" = $((pressed + 1))
