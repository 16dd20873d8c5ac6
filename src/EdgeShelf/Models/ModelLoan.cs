namespace EdgeShelf.Models;

/// <summary>A loaded model and the number of callers that run it. Only <see cref="ActiveModel"/> uses it, while it holds its lock.</summary>
/// <param name="name">The name of the model's folder, by which it is chosen.</param>
sealed class ModelLoan(LoadedModel model, string name)
{
    public LoadedModel Model => model;
    public string Name => name;
    public int Users { get; set; }
    public bool IsRetired { get; set; }

    /// <summary>The number of pictures in a row with which the network failed.</summary>
    public int Failures { get; set; }
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End()
    {
        model.Dispose();
        Ended.TrySetResult();
    }
}

/// <summary>The right to run the model that was in use when it was rented. Dispose of it to give the model back.</summary>
sealed class ModelLease(ModelLoan loan, Action<ModelLoan> giveBack) : IDisposable
{
    bool _isReturned;

    public LoadedModel Model => loan.Model;

    internal ModelLoan Loan => loan;

    public void Dispose()
    {
        if (_isReturned)
            return;
        _isReturned = true;
        giveBack(loan);
    }
}
