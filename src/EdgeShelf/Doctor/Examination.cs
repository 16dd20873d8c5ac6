using EdgeShelf.Shelf;

namespace EdgeShelf.Doctor;

/// <summary>Runs checks one after the other; neither a fault nor a hang of one keeps the next from its turn.</summary>
sealed class Examination(IReadOnlyList<DoctorCheck> checks, TimeProvider clock)
{
    /// <summary>A camera may use its own time limit of up to a minute, and start-up of a program before.</summary>
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
            // On a thread of its own: a driver that blocks must not hold the others.
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
            return Finding.Fault($"no answer within {CheckLimit.TotalSeconds} s", "Unplug and plug in what it belongs to, then ask again.");
        }
        catch (Exception problem)
        {
            // All of them: a doctor that falls over its first patient helps nobody.
            return Finding.Fault($"{problem.GetType().Name}: {problem.Message}", "This check met something it does not know; please report it with this line.");
        }
    }
}
