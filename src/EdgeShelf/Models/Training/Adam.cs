namespace EdgeShelf.Models.Training;

/// <summary>Gradient steps scaled by each weight's own history (Kingma and Ba 2015, with their constants).</summary>
sealed class Adam(int count, float learningRate)
{
    const float FirstDecay = 0.9f;
    const float SecondDecay = 0.999f;
    const float Epsilon = 1e-8f;

    readonly float[] _first = new float[count];
    readonly float[] _second = new float[count];
    int _steps;

    public void Step(float[] weights, float[] gradient)
    {
        _steps++;
        float rate = learningRate * MathF.Sqrt(1 - MathF.Pow(SecondDecay, _steps)) / (1 - MathF.Pow(FirstDecay, _steps));
        for (int index = 0; index < weights.Length; index++)
        {
            _first[index] = (FirstDecay * _first[index]) + ((1 - FirstDecay) * gradient[index]);
            _second[index] = (SecondDecay * _second[index]) + ((1 - SecondDecay) * gradient[index] * gradient[index]);
            weights[index] -= rate * _first[index] / (MathF.Sqrt(_second[index]) + Epsilon);
        }
    }
}
