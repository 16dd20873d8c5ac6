namespace EdgeShelf.Models.Making;

/// <summary>Where long work tells how far it is: the terminal, or nothing.</summary>
interface IStepProgress
{
    /// <param name="count">How many pictures the step takes.</param>
    IStep Begin(string title, int count);
}

/// <summary>One step; it reports pictures done so far, and ends when disposed of.</summary>
interface IStep : IProgress<int>, IDisposable;
