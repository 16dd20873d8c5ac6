using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>One check of this machine. It makes no lasting changes.</summary>
abstract class DoctorCheck
{
    /// <summary>The name of the check, one word, at the beginning of the line and in `--json`.</summary>
    public abstract string Name { get; }

    /// <summary>Runs the check. An <see cref="EdgeShelfException"/> that it throws becomes a fault with its hint.</summary>
    public abstract Task<Finding> RunAsync(CancellationToken cancellationToken);
}
