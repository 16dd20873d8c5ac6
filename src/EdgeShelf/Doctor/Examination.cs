using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Runs checks one after the other. A check that fails or hangs does not prevent the next one.</summary>
sealed class Examination(IReadOnlyList<DoctorCheck> checks, TimeProvider clock)
{
    /// <summary>The time limit of one check. A camera may need its own limit of up to a minute, plus the time to start its program.</summary>
    static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(90);

    public async IAsyncEnumerable<(string Check, Finding Finding)> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (DoctorCheck check in checks)
            yield return (check.Name, await RunAsync(check, cancellationToken));
    }

    async Task<Finding> RunAsync(DoctorCheck check, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Use a separate thread: a driver that blocks must not stop the other checks.
            return await Task.Run(() => check.RunAsync(limit.Token), limit.Token).WaitAsync(CheckLimit, clock, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (EdgeShelfException problem)
        {
            return Finding.Of(problem);
        }
        catch (TimeoutException)
        {
            await limit.CancelAsync();
            return Finding.Fault($"no answer within {CheckLimit.TotalSeconds} s", "Unplug the device that this check is about, plug it in again and run the command again.");
        }
        catch (Exception problem)
        {
            // Catch everything: an unexpected problem in one check must not prevent the others.
            return Finding.Fault($"{problem.GetType().Name}: {problem.Message}", "The check failed unexpectedly. Please report it with this line.");
        }
    }
}
