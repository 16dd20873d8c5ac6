using EdgeShelf.Models.Making;

namespace EdgeShelf.Tests.Support;

/// <summary>Nobody watches.</summary>
sealed class NoProgress : IStepProgress
{
    public IStep Begin(string title, int count) => new Step();

    sealed class Step : IStep
    {
        public void Report(int value)
        {
        }

        public void Dispose()
        {
        }
    }
}
