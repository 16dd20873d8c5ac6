namespace EdgeShelf.Shelf;

/// <summary>Returns the address under which other machines reach the page, or null while it is not served to them.</summary>
delegate Uri? PageLocation();
