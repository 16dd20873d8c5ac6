using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>One question about this machine. It changes nothing that lasts.</summary>
abstract class DoctorCheck
{
    /// <summary>One word, for the line's beginning and for `--json`.</summary>
    public abstract string Name { get; }

    /// <summary>An <see cref="EdgeShelfException"/> that it throws becomes a fault with its hint.</summary>
    public abstract Task<Finding> RunAsync(CancellationToken cancellationToken);
}
