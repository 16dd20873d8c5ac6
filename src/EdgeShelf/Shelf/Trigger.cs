namespace EdgeShelf.Shelf;

/// <summary>What asked for a picture.</summary>
enum Trigger
{
    Timer,
    Button,
    Request,
    Http,
    Folder,
}
