namespace EdgeShelf.Shelf;

/// <summary>The source of a request for a picture.</summary>
enum Trigger
{
    Timer,
    Button,
    Request,
    Http,
    Folder,

    /// <summary>An early look that confirms a change of a slot.</summary>
    Confirm,
}
