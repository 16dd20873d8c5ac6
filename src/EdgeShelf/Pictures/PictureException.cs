using EdgeShelf.Shelf;

namespace EdgeShelf.Pictures;

/// <summary>The picture's bytes cannot be classified. The service itself has no fault.</summary>
/// <param name="code">A stable, machine-readable code: `empty`, `not-a-picture`, `unsupported`, `too-large`, `truncated`, `corrupt`.</param>
sealed class PictureException(string code, string message, string hint) : EdgeShelfException(message, hint)
{
    public override string Code { get; } = code;
}
