using EdgeShelf.Shelf;

namespace EdgeShelf.Models;

/// <summary>Thrown when a run of the network fails. The model has passed its checks, so it is used again for the next picture.</summary>
sealed class NetworkException(string message, string hint, Exception? inner = null) : EdgeShelfException(message, hint, inner)
{
    public override string Code => "model-failed";
}
