namespace EdgeShelf.Shelf;

/// <summary>Returns the interval that is in force between pictures of the timer. Zero means that there is no timer.</summary>
delegate TimeSpan TimerInterval();
