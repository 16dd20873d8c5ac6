namespace EdgeShelf.Models.Making;

/// <summary>Reports the progress of long work, to the terminal or to nothing.</summary>
interface IStepProgress
{
    /// <param name="count">Number of pictures in the step.</param>
    IStep Begin(string title, int count);
}

/// <summary>One step of the work. It reports the number of pictures done so far, and ends when it is disposed of.</summary>
interface IStep : IProgress<int>, IDisposable;
