using EdgeShelf.Shelf;

namespace EdgeShelf.Web;

/// <summary>A request whose pictures cannot be taken in.</summary>
/// <param name="status">The HTTP status that answers it.</param>
/// <param name="code">Stable, for machines.</param>
sealed class UploadException(int status, string code, string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    public int Status { get; } = status;
    public override string Code { get; } = code;
}
